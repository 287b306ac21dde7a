;; Keeps files, and answers with what came of it: the bytes of a file, 404 where there is none, or 409 with the name or the
;; sentence of the failure. The suffix is the name of the file; the handler's name says what it does:
;;   keep    puts the body into a file of the caller's own
;;   read    gives it
;;   drop    takes it away
;;   show    puts the body into a file that all share
;;   look    gives it
;;   count   answers with 200 and the number of the caller's files more
;;   fill    puts the body into files A, B, C and so on until one is refused
;;   break   keeps the body, and traps
;; Its view tries to keep a file, too.
(import "blockhouse:block/storage@1.0.0" "write" (func $write (param i32 i32 i32 i32 i32 i32)))
(import "blockhouse:block/storage@1.0.0" "read" (func $read (param i32 i32 i32 i32)))
(import "blockhouse:block/storage@1.0.0" "delete" (func $delete (param i32 i32 i32 i32)))
(import "blockhouse:block/storage@1.0.0" "kept-files" (func $kept (param i32 i32)))

(data (i32.const 1040) "not-in-a-handler")
(data (i32.const 1060) "invalid-name")
(data (i32.const 1080) "too-large")
(data (i32.const 1100) "full")

;; Writes a pointer and a length.
(func $text (param $at i32) (param $start i32) (param $length i32)
  (i32.store (local.get $at) (local.get $start))
  (i32.store offset=4 (local.get $at) (local.get $length)))

;; Writes the failure at 2052: its case, and its sentence at 2056.
(func $failure (param $at i32)
  (local $case i32)
  (local.set $case (i32.load8_u (i32.const 2052)))
  (call $text (local.get $at) (i32.load (i32.const 2056)) (i32.load (i32.const 2060)))
  (if (i32.eq (local.get $case) (i32.const 0))
    (then (call $text (local.get $at) (i32.const 1040) (i32.const 16))))
  (if (i32.eq (local.get $case) (i32.const 2))
    (then (call $text (local.get $at) (i32.const 1060) (i32.const 12))))
  (if (i32.eq (local.get $case) (i32.const 3))
    (then (call $text (local.get $at) (i32.const 1080) (i32.const 9))))
  (if (i32.eq (local.get $case) (i32.const 4))
    (then (call $text (local.get $at) (i32.const 1100) (i32.const 4)))))

(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (call $write (i32.const 0) (i32.const 1100) (i32.const 4) (i32.const 1100) (i32.const 4) (i32.const 2048))
  (call $failure (i32.const 3004))
  (i32.const 3000))

(func (export "blockhouse:block/handlers@1.0.0#handle")
  (param $name i32) (param $name-len i32) (param $method i32) (param $method-len i32)
  (param $suffix i32) (param $suffix-len i32) (param $query i32) (param $query-len i32)
  (param $headers i32) (param $headers-len i32) (param $body i32) (param $body-len i32) (result i32)
  (local $first i32)
  (local $letter i32)
  (local.set $first (i32.load8_u (local.get $name)))
  (local.set $letter (i32.const 65))
  (i32.store16 (i32.const 3004) (i32.const 200))
  (block $done
    (if (i32.eq (local.get $first) (i32.const 107)) ;; k
      (then
        (call $write
          (i32.const 0) (local.get $suffix) (local.get $suffix-len)
          (local.get $body) (local.get $body-len) (i32.const 2048))
        (br $done)))
    (if (i32.eq (local.get $first) (i32.const 115)) ;; s
      (then
        (call $write
          (i32.const 1) (local.get $suffix) (local.get $suffix-len)
          (local.get $body) (local.get $body-len) (i32.const 2048))
        (br $done)))
    (if (i32.eq (local.get $first) (i32.const 100)) ;; d
      (then
        (call $delete (i32.const 0) (local.get $suffix) (local.get $suffix-len) (i32.const 2048))
        (br $done)))
    (if (i32.eq (local.get $first) (i32.const 98)) ;; b
      (then
        (call $write
          (i32.const 0) (local.get $suffix) (local.get $suffix-len)
          (local.get $body) (local.get $body-len) (i32.const 2048))
        (unreachable)))
    (if (i32.eq (local.get $first) (i32.const 102)) ;; f
      (then
        (loop $again
          (i32.store8 (i32.const 1200) (local.get $letter))
          (call $write
            (i32.const 0) (i32.const 1200) (i32.const 1)
            (local.get $body) (local.get $body-len) (i32.const 2048))
          (local.set $letter (i32.add (local.get $letter) (i32.const 1)))
          (br_if $again (i32.eqz (i32.load8_u (i32.const 2048)))))
        (br $done)))
    (if (i32.eq (local.get $first) (i32.const 99)) ;; c
      (then
        (call $kept (i32.const 0) (i32.const 2048))
        (if (i32.eqz (i32.load8_u (i32.const 2048)))
          (then
            (i32.store16
              (i32.const 3004)
              (i32.add (i32.const 200) (i32.load (i32.const 2056))))))
        (br $done)))
    (call $read
      (i32.eq (local.get $first) (i32.const 108)) ;; l
      (local.get $suffix) (local.get $suffix-len) (i32.const 2048))
    (br_if $done (i32.load8_u (i32.const 2048)))
    (if (i32.load8_u (i32.const 2052))
      (then (call $text (i32.const 3016) (i32.load (i32.const 2056)) (i32.load (i32.const 2060))))
      (else (i32.store16 (i32.const 3004) (i32.const 404)))))
  (if (i32.load8_u (i32.const 2048))
    (then
      (i32.store16 (i32.const 3004) (i32.const 409))
      (call $failure (i32.const 3016))))
  (i32.const 3000))
