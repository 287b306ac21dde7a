;; Shows the text `greeting` of its package's catalogues.
(import "blockhouse:block/i18n@1.0.0" "text" (func $text (param i32 i32 i32 i32 i32)))

(data (i32.const 1024) "greeting")

(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (call $text (i32.const 1024) (i32.const 8) (i32.const 0) (i32.const 0) (i32.const 2048))
  (if (i32.eqz (i32.load8_u (i32.const 2048))) (then unreachable))
  (i32.store (i32.const 3004) (i32.load (i32.const 2052)))
  (i32.store (i32.const 3008) (i32.load (i32.const 2056)))
  (i32.const 3000))
