/** The provider's storage, over one map for all providers that follow each other. Models check their own ends. */
export function adapterOver(state) {
  const { stored, clients } = state;

  return class {
    constructor(model) {
      this.model = model;
    }

    key(id) {
      return `${this.model} ${id}`;
    }

    find(id) {
      // Clients are the tests', and change while the provider runs.
      return this.model === 'Client' ? clients.get(id) : stored.get(this.key(id));
    }

    findByUid(uid) {
      return [...stored].find(([key, payload]) => key.startsWith(`${this.model} `) && payload.uid === uid)?.[1];
    }

    findByUserCode() {
      return undefined;
    }

    upsert(id, payload) {
      stored.set(this.key(id), payload);
    }

    consume(id) {
      stored.get(this.key(id)).consumed = Math.floor(Date.now() / 1000);
    }

    destroy(id) {
      stored.delete(this.key(id));
    }

    revokeByGrantId(grantId) {
      for (const [key, payload] of stored) if (payload.grantId === grantId) stored.delete(key);
    }
  };
}
