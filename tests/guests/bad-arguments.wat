;; Returns arguments for its script that are no JSON.
(data (i32.const 1024) "{oops")
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (i32.store (i32.const 3032) (i32.const 1))
  (i32.store (i32.const 3036) (i32.const 1024))
  (i32.store (i32.const 3040) (i32.const 5))
  (i32.const 3000))
