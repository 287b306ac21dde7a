;; Asks the host 500 times what time it is, and shows nothing.
(import "blockhouse:block/clock@1.0.0" "now" (func $now (result i64)))
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (local $left i32)
  (local.set $left (i32.const 500))
  (loop $again
    (drop (call $now))
    (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
  (i32.const 3000))
