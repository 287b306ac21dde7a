;; Returns 1 000 empty resources, all at the same place in memory.
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (i32.store (i32.const 3012) (i32.const 4096))
  (i32.store (i32.const 3016) (i32.const 1000))
  (i32.const 3000))
