// An OpenID Connect provider on loopback, as strict as it comes: PKCE, exact addresses, real keys.
// What it is to know is handed over as JSON in PROVIDER: port, client, people, and how to sign.
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const { port, client, people, kid, claims } = JSON.parse(process.env.PROVIDER);
const issuer = `http://127.0.0.1:${port}`;
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys: [{ ...key, kid, use: "sig", alg: "RS256" }] },
  claims,
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  cookies: { keys: ["only for tests"] },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
});
provider.listen(port, "127.0.0.1", () => console.log("listening"));
