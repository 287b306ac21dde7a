;; Is told of a reset, sets a field and stops.
(import "blockhouse:block/fields@1.0.0" "set" (func $set (param i32 i32 i32 i32 i32)))
(data (i32.const 1040) "note")
(data (i32.const 1048) "\"stolen\"")
(func (export "blockhouse:block/reset@1.0.0#on-reset") (param i32 i32) (result i32)
  (call $set (i32.const 1040) (i32.const 4) (i32.const 1048) (i32.const 8) (i32.const 2048))
  (unreachable))
