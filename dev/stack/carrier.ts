import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCalls, parseInvites, parseOutsideCalls } from '../carrier/calls.ts'
import type { CarrierCall, CarrierInvite } from '../carrier/calls.ts'
import { checkout } from '../setup/cache.ts'
import type { Progress } from '../setup/progress.ts'
import type { Root } from '../setup/root.ts'
import { Asterisk } from './asterisk.ts'
import { asteriskConf, copyConfiguration, layData, writeLocal } from './asterisk-files.ts'
import type { Ports } from './ports.ts'
import type { Sounds } from './sounds.ts'
import type { State } from './state.ts'

/**
 * One loopback address for each trunk. An endpoint known by the address 127.0.0.1 would swallow the browser phones,
 * which call from there too.
 */
export const carrierAddresses = { 'carrier-a': '127.0.0.2', 'carrier-b': '127.0.0.3' } as const

type Options = { root: Root; state: State; ports: Ports; sounds: Sounds; progress: Progress }

/** The outside world: a second Asterisk that plays the telephone network, and keeps its own clock of every call. */
export class Carrier extends Asterisk {
  constructor({ root, state, ports, sounds, progress }: Options) {
    const directory = state.path('carrier')
    super({
      name: 'carrier',
      root,
      directory,
      logFile: state.path('log/carrier.log'),
      configure() {
        const etc = join(directory, 'etc')
        copyConfiguration(etc, [join(checkout, 'dev/carrier/etc')])
        copyFileSync(join(checkout, 'pjsip/indications.conf'), join(etc, 'indications.conf'))
        writeFileSync(join(etc, 'asterisk.conf'), asteriskConf(root, directory))
        writeLocal(etc, {
          'transports.conf': Object.entries(carrierAddresses)
            .map(([trunk, address]) => `[${trunk}]\ntype = transport\nprotocol = udp\nbind = ${address}:${ports.carrierSip}\n`)
            .join('\n'),
          'customer.conf': `contact = sip:127.0.0.1:${ports.sip}\n`,
          'rtp.conf': `rtpstart = ${ports.carrierRtp.from}\nrtpend = ${ports.carrierRtp.to}\n`,
        })
        layData(root, join(directory, 'data'), { prompts: sounds.carrier })
        mkdirSync(join(directory, 'log/cdr-custom'), { recursive: true })
      },
      progress,
    })
  }

  /** The calls that have ended, oldest first, by the carrier's own clock. */
  calls(): CarrierCall[] {
    return parseCalls(this.#read('log/cdr-custom/calls.csv'))
  }

  /** Every INVITE as it came, with the calls still up among them. */
  invites(): CarrierInvite[] {
    return parseInvites(this.#read('log/calls.log'))
  }

  /** Every call that somebody outside made to the customer, `callerId` being theirs. */
  outsideCalls(): CarrierInvite[] {
    return parseOutsideCalls(this.#read('log/calls.log'))
  }

  /**
   * Somebody outside calls one of the customer's numbers (digits, 55 first), over the trunk of `carrier-a`, and speaks, for
   * `talkSeconds` or until the customer hangs up.
   */
  callCustomer(number: string, callerId: string, talkSeconds?: number): void {
    const name = `${process.hrtime.bigint()}.call`
    const staged = join(this.directory, 'spool/tmp', name)
    const digits = (text: string) => text.replaceAll(/\D/g, '')
    writeFileSync(
      staged,
      `Channel: Local/${digits(number)}@caller/n\nSetvar: __CALLER=${digits(callerId)}\nSetvar: __TALKS=${talkSeconds ?? ''}\nContext: caller-speaks\nExtension: s\nPriority: 1\nWaitTime: 60\n`,
    )
    renameSync(staged, join(this.directory, 'spool/outgoing', name))
  }

  #read(file: string): string {
    const path = join(this.directory, file)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }
}
