;; Each of its memories alone stays below the limit.
(memory $second 1)
(memory $third 1)
(memory $fourth 1)
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (drop (memory.grow $second (i32.const 500)))
  (drop (memory.grow $third (i32.const 500)))
  (drop (memory.grow $fourth (i32.const 500)))
  (unreachable))
