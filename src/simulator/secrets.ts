/** What a simulator signs and says when it is given nothing else. */
export const SANDBOX_SECRETS = { appSecret: 'sandbox-app-secret', verifyToken: 'sandbox-verify-token' } as const;
