;; Sets a field to 1 MiB.
(import "blockhouse:block/fields@1.0.0" "set" (func $set (param i32 i32 i32 i32 i32)))
(data (i32.const 1040) "note")
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (drop (memory.grow (i32.const 16)))
  (memory.fill (i32.const 65536) (i32.const 55) (i32.const 1048576))
  (call $set (i32.const 1040) (i32.const 4) (i32.const 65536) (i32.const 1048576) (i32.const 2048))
  (unreachable))
