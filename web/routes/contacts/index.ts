import { Router } from 'express'
import type { WebContext } from '../../http/context.ts'
import { contactImportRoutes } from './imports.ts'
import { importPreviewRoutes } from './import-preview.ts'
import { importQuestionRoutes } from './import-questions.ts'
import { contactListRoutes } from './list.ts'
import { contactNumberRoutes } from './numbers.ts'
import { contactPageRoutes } from './page.ts'

/** Leads: the list, the page of one, and imports. `/contacts/new` comes before `/contacts/:id`. */
export function contactRoutes(context: WebContext): Router {
  return Router().use(
    contactListRoutes(context),
    contactPageRoutes(context),
    contactNumberRoutes(context),
    importPreviewRoutes(context),
    importQuestionRoutes(context),
    contactImportRoutes(context),
  )
}
