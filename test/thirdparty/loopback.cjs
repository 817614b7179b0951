// Loaded before a program that listens on every interface and takes no address: this machine alone reaches it.
const { Server } = require('node:net');
const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
  const [first] = args;
  if (typeof first === 'number' && typeof args[1] !== 'string') args.splice(1, 0, '127.0.0.1');
  else if (typeof first === 'object' && first !== null && 'port' in first && !first.host)
    args[0] = { ...first, host: '127.0.0.1' };
  return listen.apply(this, args);
};
