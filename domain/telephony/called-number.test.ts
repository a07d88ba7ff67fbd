import t from 'tap'
import { readCalledNumber } from './called-number.ts'

const numbers = {
  'sip:551132104000@ramal': '551132104000',
  'sip:+551132104000;npdi;rn=+5555112@ramal': '+551132104000',
  'sips:+551132104000;isub=12@ramal;user=phone;transport=tls': '+551132104000',
  'sip:1132104000;phone-context=+55@ramal;user=phone': '1132104000',
  'sip:32104000;phone-context=+5511@ramal;user=phone': '+551132104000',
  'sip:551132104000;phone-context=+55@ramal': '551132104000',
  'sip:32104000;phone-context=carrier.example@ramal': '32104000',
  'tel:+55-11-3210-4000;npdi': '+55-11-3210-4000',
  'tel:3210-4000;phone-context=+5511': '+55113210-4000',
  'sip:127.0.0.1': '127.0.0.1',
  'sip:@ramal;phone-context=+551132104000': '',
  '<sip:+551132104000;npdi@ramal;user=phone>': '+551132104000',
  '"sip:1@x, <sip:2@x>" <sip:551132104000@ramal>': '551132104000',
  '551132104000': '551132104000',
  '': '',
}

t.test('the called number is the user part of the URI, without the carrier’s parameters', async (t) => {
  for (const [uri, number] of Object.entries(numbers)) t.equal(readCalledNumber(uri), number, uri)
})
