;; Grows a table for as long as it may.
(table $many 1 funcref)
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (loop $again
    (br_if $again (i32.ne (table.grow $many (ref.null func) (i32.const 1000)) (i32.const -1))))
  (unreachable))
