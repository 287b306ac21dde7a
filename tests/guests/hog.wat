;; Takes memory until there is none, and touches every page of it.
(func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
  (local $page i32)
  (loop $again
    (local.set $page (memory.grow (i32.const 16)))
    (if (i32.ne (local.get $page) (i32.const -1)) (then
      (memory.fill (i32.shl (local.get $page) (i32.const 16)) (i32.const 7) (i32.const 1048576))
      (br $again))))
  (unreachable))
