;; Never gives the host room for its arguments: the host's call hangs before the function has even started.
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (unreachable))
(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
  (loop $again (br $again))
  (unreachable))
