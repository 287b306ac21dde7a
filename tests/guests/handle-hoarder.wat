;; Asks for its standard output again and again, and keeps each handle.
(import "wasi:cli/stdout@0.2.0" "get-stdout" (func $get (result i32)))
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (loop $again
    (drop (call $get))
    (br $again))
  (unreachable))
