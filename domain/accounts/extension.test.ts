import t from 'tap'
import { extensionFault } from './extension.ts'

t.test('an extension has 2 to 6 digits and is not an emergency number', async (t) => {
  for (const text of ['10', '101', '191', '999999']) t.equal(extensionFault(text), null, text)
  for (const text of ['', '1', '1234567', '10a', '1 1', '-10', '101\n']) t.equal(extensionFault(text), 'digits', text)
  for (const text of ['190', '192', '193']) t.equal(extensionFault(text), 'emergency', text)
})
