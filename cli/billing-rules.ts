import { formatBillingBlocks } from '../domain/balance/billing-blocks.ts'
import { billingRuleOf } from '../domain/tenants/tenants.ts'

/** `30+6, 3 s free` */
export function formatBillingRule(row: Parameters<typeof billingRuleOf>[0]): string {
  const rule = billingRuleOf(row)
  return `${formatBillingBlocks(rule)}, ${rule.freeSeconds} s free`
}
