;; Answers every request with 3 MiB.
(func (export "blockhouse:block/handlers@1.0.0#handle")
  (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (drop (memory.grow (i32.const 48)))
  (i32.store16 (i32.const 3004) (i32.const 200))
  (i32.store (i32.const 3016) (i32.const 65536))
  (i32.store (i32.const 3020) (i32.const 3145728))
  (i32.const 3000))
