import t from 'tap'
import { gradeOf } from './quality-grade.ts'

t.test('every score has a grade, and a higher score never has a lower grade', async (t) => {
  const order = ['bad', 'poor', 'fair', 'good', 'excellent']
  const grades = Array.from({ length: 36 }, (_, n) => order.indexOf(gradeOf(10 + n)))
  t.same(
    grades,
    grades.toSorted((a, b) => a - b),
  )
  t.equal(new Set(grades).size, 5)
})
