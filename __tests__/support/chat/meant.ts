/** What rules of the application's own keep from people, which the oracle of the generations does not know: state → its words. */
export const meant: Readonly<Record<string, string>> = {
  '119_restrictive_policy_about_whispers': 'reads only 0 of 1 messages "between us, Ann"',
  // Who left is no longer somebody who waits.
  '125_what_rooms_and_members_carry': 'was waiting in room',
  '134_one_hides_what_another_says': 'reads only 0 of 1 messages "listen"',
  // The room is a hotel's.
  '152_somebody_elses_tables': 'does not see room',
  // Anybody could have written it.
  '154_a_table_of_rooms_is_left_over': 'lost its creator',
};
