/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-undo-contract.h"

static void
assert_sentence (const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_str_has_suffix (text, "."));
  g_assert_true (g_ascii_isupper (*text));
}

static void
test_each_type_has_one (void)
{
  for (guint type = 1; type < ac_vocabulary_size (AC_VOCABULARY_ACTION_TYPE); type++)
    {
      AcUndoContract contract = { 0 };

      g_test_message ("%s", ac_action_type_wire ((int)type));
      g_assert_true (ac_undo_contract_find ((AcActionType)type, &contract));
      assert_sentence (contract.brings_back);
      assert_sentence (contract.until);
      assert_sentence (contract.cannot);
    }
}

static void
test_an_unknown_type_has_none (void)
{
  AcUndoContract contract = { 0 };

  g_assert_false (ac_undo_contract_find (AC_ACTION_TYPE_UNKNOWN, &contract));
  g_assert_false (ac_undo_contract_find ((AcActionType)1000, &contract));
  g_assert_null (contract.brings_back);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/undo-contract/each-type-has-one", test_each_type_has_one);
  g_test_add_func ("/model/undo-contract/an-unknown-type-has-none", test_an_unknown_type_has_none);
  return g_test_run ();
}
