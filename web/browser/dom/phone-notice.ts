/** Shows a copy of `<template id="phone-notice-NAME">` with its `{names}` filled in. The notice's button calls `action`. */
export function phoneNotice(name: string, values: Record<string, string> = {}, action?: () => void): void {
  const template = document.getElementById(`phone-notice-${name}`)
  if (!(template instanceof HTMLTemplateElement)) return
  const notice = template.content.firstElementChild?.cloneNode(true) as HTMLElement
  const sentence = notice.querySelector('p')
  if (sentence) sentence.textContent = (sentence.textContent ?? '').replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '')
  notice.dataset['phoneNotice'] = name
  notice.querySelector('[data-act]')?.addEventListener('click', () => {
    notice.remove()
    action?.()
  })
  document.getElementById('notices')?.append(notice)
}
