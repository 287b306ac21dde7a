;; Returns 3 MiB of HTML.
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (drop (memory.grow (i32.const 48)))
  (memory.fill (i32.const 65536) (i32.const 65) (i32.const 3145728))
  (i32.store (i32.const 3004) (i32.const 65536))
  (i32.store (i32.const 3008) (i32.const 3145728))
  (i32.const 3000))
