;; Tells its handler's caller who they are, and greets visitors.
(import "blockhouse:block/user@1.0.0" "anonymous-student-id" (func $id (param i32)))

(data (i32.const 1024) "<p>Hello world</p>")

(func (export "blockhouse:block/public-view@1.0.0#render") (param i32 i32) (result i32)
  (i32.store (i32.const 3004) (i32.const 1024))
  (i32.store (i32.const 3008) (i32.const 18))
  (i32.const 3000))

(func (export "blockhouse:block/handlers@1.0.0#handle")
  (param $name i32) (param $name-len i32) (param $method i32) (param $method-len i32)
  (param $suffix i32) (param $suffix-len i32) (param $query i32) (param $query-len i32)
  (param $headers i32) (param $headers-len i32) (param $body i32) (param $body-len i32) (result i32)
  (call $id (i32.const 2048))
  (i32.store16 (i32.const 3004) (i32.const 200))
  (i32.store (i32.const 3016) (i32.load (i32.const 2048)))
  (i32.store (i32.const 3020) (i32.load (i32.const 2052)))
  (i32.const 3000))
