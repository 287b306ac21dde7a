;; Asks for the e-mail address of whoever calls its handler, and answers with it, with the refusal, or with nothing.
(import "blockhouse:block/user-details@1.0.0" "email" (func $get (param i32)))

;; result<option<string>, string> at 2048: the discriminant; an option at 2052 with its text at 2056, or the error at 2052.
(func (export "blockhouse:block/handlers@1.0.0#handle")
  (param $name i32) (param $name-len i32) (param $method i32) (param $method-len i32)
  (param $suffix i32) (param $suffix-len i32) (param $query i32) (param $query-len i32)
  (param $headers i32) (param $headers-len i32) (param $body i32) (param $body-len i32) (result i32)
  (call $get (i32.const 2048))
  (i32.store16 (i32.const 3004) (i32.const 200))
  (if (i32.load8_u (i32.const 2048))
    (then
      (i32.store (i32.const 3016) (i32.load (i32.const 2052)))
      (i32.store (i32.const 3020) (i32.load (i32.const 2056))))
    (else
      (if (i32.load8_u (i32.const 2052))
        (then
          (i32.store (i32.const 3016) (i32.load (i32.const 2056)))
          (i32.store (i32.const 3020) (i32.load (i32.const 2060)))))))
  (i32.const 3000))
