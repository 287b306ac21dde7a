;; Hands the host a list of 10 000 names and texts that are all the same 50 000 bytes: half a gigabyte, should each be copied.
(import "blockhouse:block/i18n@1.0.0" "text" (func $text (param i32 i32 i32 i32 i32)))
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (local $at i32)
  (drop (memory.grow (i32.const 7)))
  (memory.fill (i32.const 4096) (i32.const 97) (i32.const 50000))
  (local.set $at (i32.const 65536))
  ;; A name, and a case that is a text, with where it begins and its length.
  (loop $again
    (i32.store (local.get $at) (i32.const 4096))
    (i32.store offset=4 (local.get $at) (i32.const 50000))
    (i32.store8 offset=8 (local.get $at) (i32.const 0))
    (i32.store offset=16 (local.get $at) (i32.const 4096))
    (i32.store offset=20 (local.get $at) (i32.const 50000))
    (local.set $at (i32.add (local.get $at) (i32.const 24)))
    (br_if $again (i32.lt_u (local.get $at) (i32.const 305536))))
  (call $text (i32.const 4096) (i32.const 4) (i32.const 65536) (i32.const 10000) (i32.const 2048))
  (unreachable))
