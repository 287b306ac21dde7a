;; Renders its child again and again, for ever.
(import "blockhouse:block/usage@1.0.0" "render-child" (func $render (param i32 i32 i32)))
(data (i32.const 1024) "child")
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (loop $again
    (call $render (i32.const 1024) (i32.const 5) (i32.const 3000))
    (br $again))
  unreachable)
