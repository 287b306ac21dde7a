;; Does what it should: shows its note, counts in a field, answers a handler with the body that it got.
(import "blockhouse:block/fields@1.0.0" "get" (func $get (param i32 i32 i32)))
(import "blockhouse:block/fields@1.0.0" "set" (func $set (param i32 i32 i32 i32 i32)))

(data (i32.const 1024) "<p>hello</p>")
(data (i32.const 1040) "note")
(data (i32.const 1048) "\"seen\"")

(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (call $get (i32.const 1040) (i32.const 4) (i32.const 2048))
  (i32.store (i32.const 3004) (i32.const 1024))
  (i32.store (i32.const 3008) (i32.const 12))
  (i32.const 3000))

(func (export "blockhouse:block/handlers@1.0.0#handle")
  (param $name i32) (param $name-len i32) (param $method i32) (param $method-len i32)
  (param $suffix i32) (param $suffix-len i32) (param $query i32) (param $query-len i32)
  (param $headers i32) (param $headers-len i32) (param $body i32) (param $body-len i32) (result i32)
  (call $set (i32.const 1040) (i32.const 4) (i32.const 1048) (i32.const 6) (i32.const 2048))
  (i32.store16 (i32.const 3004) (i32.const 200))
  (i32.store (i32.const 3016) (local.get $body))
  (i32.store (i32.const 3020) (local.get $body-len))
  (i32.const 3000))
