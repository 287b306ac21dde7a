;; Sends requests to the address that its caller gives in the body, and answers with what came of it: the answer's body,
;; the sentence of the failure, or its name. The handler's name says what it does:
;;   ask    reads its note and sets it, to another text where there was one, then sends a GET
;;   post   the same with a POST, a header and a body
;;   flood  sends one GET after the other, for ever
;;   note   sends nothing, and answers with its note
;;   write  sends nothing, and sets its note to the body
;; Its view sends a request, too.
(import "blockhouse:block/http@1.0.0" "send" (func $send (param i32 i32 i32 i32 i32 i32 i32 i32)))
(import "blockhouse:block/fields@1.0.0" "get" (func $get (param i32 i32 i32)))
(import "blockhouse:block/fields@1.0.0" "set" (func $set (param i32 i32 i32 i32 i32)))

(data (i32.const 1040) "note")
(data (i32.const 1048) "\"sent\"")
(data (i32.const 1056) "hello")
(data (i32.const 1072) "https://api.example.org/")
(data (i32.const 1100) "not-in-a-handler")
(data (i32.const 1120) "too-large")
(data (i32.const 1136) "too-slow")
(data (i32.const 1152) "\"again\"")
;; One header: the name at 1300, the value at 1310.
(data (i32.const 1200) "\14\05\00\00\06\00\00\00\1e\05\00\00\01\00\00\00")
(data (i32.const 1300) "x-mark")
(data (i32.const 1310) "5")

;; Writes a pointer and a length.
(func $text (param $at i32) (param $start i32) (param $length i32)
  (i32.store (local.get $at) (local.get $start))
  (i32.store offset=4 (local.get $at) (local.get $length)))

;; Writes where the text is of what `send` wrote to 2048: the discriminant; a response at 2052 with its body at 2064, or the
;; failure's case at 2052 and its sentence at 2056.
(func $outcome (param $at i32)
  (local $case i32)
  (if (i32.eqz (i32.load8_u (i32.const 2048)))
    (then
      (call $text (local.get $at) (i32.load (i32.const 2064)) (i32.load (i32.const 2068)))
      (return)))
  (local.set $case (i32.load8_u (i32.const 2052)))
  (call $text (local.get $at) (i32.load (i32.const 2056)) (i32.load (i32.const 2060)))
  (if (i32.eq (local.get $case) (i32.const 0))
    (then (call $text (local.get $at) (i32.const 1100) (i32.const 16))))
  (if (i32.eq (local.get $case) (i32.const 3))
    (then (call $text (local.get $at) (i32.const 1120) (i32.const 9))))
  (if (i32.eq (local.get $case) (i32.const 4))
    (then (call $text (local.get $at) (i32.const 1136) (i32.const 8)))))

(func $send-get (param $url i32) (param $url-len i32)
  (call $send
    (i32.const 0) (local.get $url) (local.get $url-len)
    (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 2048)))

(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (call $send-get (i32.const 1072) (i32.const 24))
  (call $outcome (i32.const 3004))
  (i32.const 3000))

(func (export "blockhouse:block/handlers@1.0.0#handle")
  (param $name i32) (param $name-len i32) (param $method i32) (param $method-len i32)
  (param $suffix i32) (param $suffix-len i32) (param $query i32) (param $query-len i32)
  (param $headers i32) (param $headers-len i32) (param $body i32) (param $body-len i32) (result i32)
  (local $first i32)
  (local.set $first (i32.load8_u (local.get $name)))
  (i32.store16 (i32.const 3004) (i32.const 200))
  (call $get (i32.const 1040) (i32.const 4) (i32.const 2100))
  (if (i32.eq (local.get $first) (i32.const 110)) ;; n
    (then
      (if (i32.load8_u (i32.const 2104))
        (then (call $text (i32.const 3016) (i32.load (i32.const 2108)) (i32.load (i32.const 2112)))))
      (return (i32.const 3000))))
  (if (i32.eq (local.get $first) (i32.const 119)) ;; w
    (then
      (call $set (i32.const 1040) (i32.const 4) (local.get $body) (local.get $body-len) (i32.const 2100))
      (return (i32.const 3000))))
  (call $set
    (i32.const 1040) (i32.const 4)
    (select (i32.const 1152) (i32.const 1048) (i32.load8_u (i32.const 2104)))
    (select (i32.const 7) (i32.const 6) (i32.load8_u (i32.const 2104)))
    (i32.const 2100))
  (if (i32.eq (local.get $first) (i32.const 102)) ;; f
    (then
      (loop $again
        (call $send-get (local.get $body) (local.get $body-len))
        (br $again))))
  (if (i32.eq (local.get $first) (i32.const 112)) ;; p
    (then
      (call $send
        (i32.const 2) (local.get $body) (local.get $body-len)
        (i32.const 1200) (i32.const 1) (i32.const 1056) (i32.const 5) (i32.const 2048)))
    (else (call $send-get (local.get $body) (local.get $body-len))))
  (if (i32.load8_u (i32.const 2048))
    (then (i32.store16 (i32.const 3004) (i32.const 502)))
    (else (i32.store16 (i32.const 3004) (i32.load16_u (i32.const 2052)))))
  (call $outcome (i32.const 3016))
  (i32.const 3000))
