;; Asks the host what time it is while the host hands it its arguments.
(import "blockhouse:block/clock@1.0.0" "now" (func $now (result i64)))
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (unreachable))
(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
  (drop (call $now))
  (i32.const 4096))
