<?php
/*
 * Card payment: checks what the customer entered, asks the acquirer, and gives back
 * what the shop may keep: brand, last four digits and a token. Number, expiry and
 * security code are forgotten when charge() returns.
 */
declare(strict_types=1);

require_once __DIR__ . '/Card.php';
require_once __DIR__ . '/Acquirer.php';

/** The message is a sentence for the customer. */
final class CardRefused extends Exception
{
}

final class CardPayment
{
    public function __construct(private Acquirer $acquirer = new Acquirer())
    {
    }

    /** @return array{brand: string, last4: string, token: string} */
    public function charge(Card $card, int $yen): array
    {
        $this->check($card);
        $answer = $this->acquirer->authorise($card, $yen);
        if (!$answer['approved']) {
            throw new CardRefused('このカードはご利用いただけませんでした。別のカードをお試しください。');
        }
        return ['brand' => $card->brand(), 'last4' => $card->lastFour(), 'token' => $answer['token']];
    }

    private function check(Card $card): void
    {
        if (!$card->luhn() || $card->brand() === '') {
            throw new CardRefused('カード番号をご確認ください。');
        }
        if ($card->expired(new DateTimeImmutable())) {
            throw new CardRefused('カードの有効期限をご確認ください。');
        }
        if (!preg_match('~^\d{3,4}$~', $card->code)) {
            throw new CardRefused('セキュリティコードをご確認ください。');
        }
        if ($card->holder === '') {
            throw new CardRefused('カード名義をご記入ください。');
        }
    }
}
