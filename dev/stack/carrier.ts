import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCalls, parseInvites, parseKeys, parseOutsideCalls } from '../carrier/calls.ts'
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
 * One loopback address for each trunk. With 127.0.0.1 Asterisk would take the browser phones, which use that address,
 * for the carrier.
 */
export const carrierAddresses = { 'carrier-a': '127.0.0.2', 'carrier-b': '127.0.0.3' } as const

type Options = { root: Root; state: State; ports: Ports; sounds: Sounds; progress: Progress }

/** A second Asterisk that plays the telephone network, and measures every call with its own clock. */
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

  /** The ended calls, oldest first, as the carrier measured them. */
  calls(): CarrierCall[] {
    return parseCalls(this.#read('log/cdr-custom/calls.csv'))
  }

  /** All INVITEs in order of arrival, including those of active calls. */
  invites(): CarrierInvite[] {
    return parseInvites(this.#read('log/calls.log'))
  }

  /** The keys that all called people received, in order. */
  keys(): string {
    return parseKeys(this.#read('log/keys.log'))
  }

  /** All calls of outside callers to the customer. */
  outsideCalls(): CarrierInvite[] {
    return parseOutsideCalls(this.#read('log/calls.log'))
  }

  /**
   * Calls a number of the customer (digits with 55) over the trunk of `carrier-a`. The caller speaks for `talkSeconds`, or
   * until the customer hangs up.
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
