;; Reads author's files. Its view reads `en.srt` and shows it, or the name of what came of it: `none`, `too-large`, or the
;; sentence of the refusal. Its handler reads the file that the body names, for ever.
(import "blockhouse:block/files@1.0.0" "read" (func $read (param i32 i32 i32)))

(data (i32.const 1040) "en.srt")
(data (i32.const 1056) "none")
(data (i32.const 1072) "too-large")

;; Writes a pointer and a length.
(func $text (param $at i32) (param $start i32) (param $length i32)
  (i32.store (local.get $at) (local.get $start))
  (i32.store offset=4 (local.get $at) (local.get $length)))

;; result<option<list<u8>>, file-error> at 2048: the discriminant; an option at 2052 with its bytes at 2056, or the error's
;; case at 2052 and its sentence at 2056.
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (call $read (i32.const 1040) (i32.const 6) (i32.const 2048))
  (call $text (i32.const 3004) (i32.load (i32.const 2056)) (i32.load (i32.const 2060)))
  (if (i32.eqz (i32.load8_u (i32.const 2052)))
    (then
      (if (i32.load8_u (i32.const 2048))
        (then (call $text (i32.const 3004) (i32.const 1072) (i32.const 9)))
        (else (call $text (i32.const 3004) (i32.const 1056) (i32.const 4))))))
  (i32.const 3000))

(func (export "blockhouse:block/handlers@1.0.0#handle")
  (param $name i32) (param $name-len i32) (param $method i32) (param $method-len i32)
  (param $suffix i32) (param $suffix-len i32) (param $query i32) (param $query-len i32)
  (param $headers i32) (param $headers-len i32) (param $body i32) (param $body-len i32) (result i32)
  (loop $again
    (call $read (local.get $body) (local.get $body-len) (i32.const 2048))
    (br $again))
  (unreachable))
