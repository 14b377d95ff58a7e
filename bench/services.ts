/** What the bench installs: a service that reads a secret and prints one line when it is up. */

export const COMMAND = `node -e "console.log('up'); setInterval(() => {}, 60000)"`
/** Of ../shared/testbed. Prints a line when it is up, and refuses to start without what REQUIRE names. */
export const IMAGE = 'testbed/service:1'
export const SECRET = { owner: 'bench-agent', id: 'bench-token', value: 'an ordinary token' }

/** With a command it is for the process runtime, else the image's own command runs. */
export const templateText = (command: string | null): string => `
version: v1
kind: ServiceTemplate
metadata:
  name: Bench
  description: Prints one line when it is up.
  annotations:
    meshagent.service.id: latchkey.bench
agents:
  - name: ${SECRET.owner}
variables:
  - name: token
    title: Token
    obscure: true
    annotations:
      meshagent.secret.id: ${SECRET.id}
      meshagent.secret.identity: ${SECRET.owner}
container:
  image: ${IMAGE}
  template: none
${command === null ? '' : `  command: ${command}`}
  environment:
    - name: MESHAGENT_TOKEN
      token:
        identity: ${SECRET.owner}
        api:
          secrets: {}
    - name: REQUIRE
      value: TOKEN
    - name: TOKEN
      secret:
        identity: ${SECRET.owner}
        id: ${SECRET.id}
`
