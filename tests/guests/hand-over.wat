;; Sets a field to a text of 400 KiB, for ever.
(import "blockhouse:block/fields@1.0.0" "set" (func $set (param i32 i32 i32 i32 i32)))
(data (i32.const 1040) "note")
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (drop (memory.grow (i32.const 7)))
  (memory.fill (i32.const 65536) (i32.const 97) (i32.const 409600))
  (i32.store8 (i32.const 65536) (i32.const 34))
  (i32.store8 (i32.const 475135) (i32.const 34))
  (loop $again
    (call $set (i32.const 1040) (i32.const 4) (i32.const 65536) (i32.const 409600) (i32.const 2048))
    (br $again))
  (unreachable))
