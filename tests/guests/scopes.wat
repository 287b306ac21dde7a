;; Has a text in each scope, and answers a handler of a field's name with what is in that field. A POST sets it to the body first.
(import "blockhouse:block/fields@1.0.0" "get" (func $get (param i32 i32 i32)))
(import "blockhouse:block/fields@1.0.0" "set" (func $set (param i32 i32 i32 i32 i32)))

(data (i32.const 1040) "\"default value\"")

(func (export "blockhouse:block/handlers@1.0.0#handle")
  (param $name i32) (param $name-len i32) (param $method i32) (param $method-len i32)
  (param $suffix i32) (param $suffix-len i32) (param $query i32) (param $query-len i32)
  (param $headers i32) (param $headers-len i32) (param $body i32) (param $body-len i32) (result i32)
  (if (i32.eq (local.get $method-len) (i32.const 4)) ;; POST
    (then
      (call $set (local.get $name) (local.get $name-len) (local.get $body) (local.get $body-len) (i32.const 2048))
      (if (i32.load8_u (i32.const 2048)) (then (unreachable)))))
  ;; result<option<json>, field-error> at 2048: the discriminant; an option at 2052 with its text at 2056.
  (call $get (local.get $name) (local.get $name-len) (i32.const 2048))
  (if (i32.load8_u (i32.const 2048)) (then (unreachable)))
  (i32.store16 (i32.const 3004) (i32.const 200))
  (if (i32.load8_u (i32.const 2052))
    (then
      (i32.store (i32.const 3016) (i32.load (i32.const 2056)))
      (i32.store (i32.const 3020) (i32.load (i32.const 2060))))
    (else
      (i32.store (i32.const 3016) (i32.const 1040))
      (i32.store (i32.const 3020) (i32.const 15))))
  (i32.const 3000))
