import t from 'tap'
import { formatBillingBlocks, readBillingBlocks } from './billing-blocks.ts'

t.test('two blocks of 1 to 3600 seconds are a billing rule', async (t) => {
  for (const text of ['30+6', '60+1', '3600+3600']) {
    const blocks = readBillingBlocks(text)
    t.equal(blocks && formatBillingBlocks(blocks), text)
  }
  t.same(readBillingBlocks('60+1'), { firstBlockSeconds: 60, nextBlockSeconds: 1 })
  for (const text of ['', '30', '0+6', '30+0', '3601+6', '30+6+6', '30 + 6', '+6', '30+']) t.equal(readBillingBlocks(text), null, text)
})
