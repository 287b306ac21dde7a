;; Sets a field 1 000 times.
(import "blockhouse:block/fields@1.0.0" "set" (func $set (param i32 i32 i32 i32 i32)))
(data (i32.const 1040) "note")
(data (i32.const 1048) "1")
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (local $left i32)
  (local.set $left (i32.const 1000))
  (loop $again
    (call $set (i32.const 1040) (i32.const 4) (i32.const 1048) (i32.const 1) (i32.const 2048))
    (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
  (unreachable))
