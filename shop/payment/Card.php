<?php
// A card as the customer entered it. Never stored, never logged.
declare(strict_types=1);

final class Card
{
    // First digits => brand.
    private const BRANDS = ['~^4\d{15}$~' => 'Visa', '~^5[1-5]\d{14}$~' => 'Mastercard',
        '~^35\d{14}$~' => 'JCB', '~^3[47]\d{13}$~' => 'American Express'];

    private function __construct(
        public readonly string $number,
        public readonly string $holder,
        public readonly int $month,
        public readonly int $year,
        public readonly string $code,
    ) {
    }

    /** From the fields of the card form. */
    public static function posted(array $form): self
    {
        $text = fn (string $key): string => is_string($form[$key] ?? null) ? trim($form[$key]) : '';
        return new self(
            preg_replace('~[\s-]+~', '', $text('card_number')),
            mb_substr($text('card_holder'), 0, 60),
            (int) $text('card_month'),
            (int) $text('card_year'),
            $text('card_code'),
        );
    }

    public function brand(): string
    {
        foreach (self::BRANDS as $pattern => $brand) {
            if (preg_match($pattern, $this->number)) {
                return $brand;
            }
        }
        return '';
    }

    public function lastFour(): string
    {
        return substr($this->number, -4);
    }

    /** The check digit of ISO/IEC 7812-1. */
    public function luhn(): bool
    {
        if (!preg_match('~^\d{13,19}$~', $this->number)) {
            return false;
        }
        $sum = 0;
        foreach (array_reverse(str_split($this->number)) as $i => $digit) {
            $twice = (int) $digit * 2;
            $sum += $i % 2 ? $twice - ($twice > 9 ? 9 : 0) : (int) $digit;
        }
        return $sum % 10 === 0;
    }

    public function expired(DateTimeImmutable $now): bool
    {
        if ($this->month < 1 || $this->month > 12) {
            return true;
        }
        return $this->year * 12 + $this->month < (int) $now->format('Y') * 12 + (int) $now->format('n');
    }
}
