;; Asks for the secret `KEY` in its handler and answers with what it got: the secret, the refusal, or nothing.
(import "blockhouse:block/secrets@1.0.0" "get" (func $get (param i32 i32 i32)))

(data (i32.const 1040) "KEY")

;; result<option<string>, string> at 2048: the discriminant; an option at 2052 with its text at 2056, or the error at 2052.
(func (export "blockhouse:block/handlers@1.0.0#handle")
  (param $name i32) (param $name-len i32) (param $method i32) (param $method-len i32)
  (param $suffix i32) (param $suffix-len i32) (param $query i32) (param $query-len i32)
  (param $headers i32) (param $headers-len i32) (param $body i32) (param $body-len i32) (result i32)
  (call $get (i32.const 1040) (i32.const 3) (i32.const 2048))
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
