/** The sound of the call. `silent`: no sound arrived since the answer or the end of a hold. `lost`: the media path is broken. */
export type MediaState = 'steady' | 'silent' | 'lost'
