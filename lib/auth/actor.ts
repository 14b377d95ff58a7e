/** Who calls: a signed-in person. What they may do is looked up per place, never carried along. */
export interface Actor {
  userId: string
  /** Lower case; also the identity that the person acts as in rooms. */
  email: string
  serverAdmin: boolean
}
