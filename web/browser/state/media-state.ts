/** The sound of the call: `silent` when it was answered and nothing is heard, `lost` when the path it came by is gone. */
export type MediaState = 'steady' | 'silent' | 'lost'
