;; Says that it cannot do what was asked.
(data (i32.const 1024) "no video is set")
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (i32.store8 (i32.const 3000) (i32.const 1))
  (i32.store (i32.const 3004) (i32.const 1024))
  (i32.store (i32.const 3008) (i32.const 15))
  (i32.const 3000))
