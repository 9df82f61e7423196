/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "model/ac-time.h"
#include "window/ac-filter-chips.h"
#include "window/ac-filter-popover.h"

/* A filter with more values is one chip. */
#define MOST_CHIPS 3

struct _AcFilterChips
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkBox *box; /* of buttons, each with its Chip */

  AcActionTab *tab; /* nullable; owned */
};

G_DEFINE_FINAL_TYPE (AcFilterChips, ac_filter_chips, GTK_TYPE_WIDGET)

#define CHIP "ac-chip"

typedef struct
{
  char *text;
  gboolean is_range; /* the time, and no filter */
  AcFilter filter;
  char *value; /* nullable: all of the filter's */
} Chip;

static void
chip_free (gpointer data)
{
  Chip *chip = data;

  g_free (chip->text);
  g_free (chip->value);
  g_free (chip);
}

/* @text: (transfer full) */
static Chip *
add_chip (GPtrArray *chips, AcFilter filter, const char *value, char *text)
{
  Chip *chip = g_new0 (Chip, 1);

  chip->text = text;
  chip->filter = filter;
  chip->value = g_strdup (value);
  g_ptr_array_add (chips, chip);
  return chip;
}

static void
add_filter (GPtrArray *chips, AcFilter filter, const char *const *values)
{
  const char *title = ac_filter_popover_get_title (filter);
  AcVocabulary vocabulary = ac_filter_vocabulary (filter);
  guint n = g_strv_length ((GStrv)values);

  if (n > MOST_CHIPS)
    {
      add_chip (chips, filter, NULL,
                /* Translators: a column, and how many values it is filtered by */
                g_strdup_printf (ngettext ("%1$s: %2$u value", "%1$s: %2$u values", n), title, n));
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      const char *value = vocabulary != AC_VOCABULARY_NONE
                              ? ac_vocabulary_label (vocabulary, values[i])
                              : values[i];

      add_chip (chips, filter, values[i],
                /* Translators: a column, and the value it is filtered by */
                g_strdup_printf (_ ("%1$s: %2$s"), title, value));
    }
}

/* Returns: (element-type Chip): what the tab is filtered by now. */
static GPtrArray *
list_chips (AcFilterChips *self)
{
  GPtrArray *chips = g_ptr_array_new_with_free_func (chip_free);
  AcActionQuery *query = self->tab != NULL ? ac_action_tab_get_query (self->tab) : NULL;
  const AcTimeRange *range = self->tab != NULL ? ac_action_tab_get_range (self->tab) : NULL;

  if (range != NULL && range->kind != AC_TIME_RANGE_ALL)
    add_chip (chips, (AcFilter)0, NULL, ac_time_range_describe (range))->is_range = TRUE;
  for (guint i = 0; query != NULL && i < AC_N_FILTERS; i++)
    {
      const char *const *values = ac_action_query_get_filter (query, (AcFilter)i);

      if (values != NULL)
        add_filter (chips, (AcFilter)i, values);
    }
  return chips;
}

/* Whether they are those that are shown. */
static gboolean
are_shown (AcFilterChips *self, GPtrArray *chips)
{
  GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->box));

  for (guint i = 0; i < chips->len; i++, button = gtk_widget_get_next_sibling (button))
    {
      const Chip *chip = chips->pdata[i];
      const Chip *shown = button != NULL ? g_object_get_data (G_OBJECT (button), CHIP) : NULL;

      if (shown == NULL || shown->is_range != chip->is_range || shown->filter != chip->filter ||
          g_strcmp0 (shown->value, chip->value) != 0 || strcmp (shown->text, chip->text) != 0)
        return FALSE;
    }
  return button == NULL;
}

/* A chip goes at the press and not with the list that it filtered: two presses in a row take two.
 */
static void
take_away (AcFilterChips *self, GtkWidget *button)
{
  GtkWidget *next = gtk_widget_get_next_sibling (button);

  if (next == NULL)
    next = gtk_widget_get_prev_sibling (button);
  if (next != NULL && gtk_widget_is_focus (button))
    gtk_widget_grab_focus (next);
  gtk_box_remove (self->box, button);
  gtk_widget_set_visible (GTK_WIDGET (self), next != NULL);
}

static void
remove_filter (AcFilterChips *self, AcFilter filter, const char *value)
{
  const char *const *chosen =
      ac_action_query_get_filter (ac_action_tab_get_query (self->tab), filter);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) values = NULL;

  for (guint i = 0; value != NULL && chosen != NULL && chosen[i] != NULL; i++)
    if (strcmp (chosen[i], value) != 0)
      g_strv_builder_add (builder, chosen[i]);
  values = g_strv_builder_end (builder);
  ac_action_tab_set_filter (self->tab, filter, (const char *const *)values);
}

static void
clicked_cb (GtkButton *button, AcFilterChips *self)
{
  const AcTimeRange all = { .kind = AC_TIME_RANGE_ALL, .from = AC_TIME_NONE, .to = AC_TIME_NONE };
  g_autoptr (GtkButton) kept = g_object_ref (button);
  const Chip *chip = g_object_get_data (G_OBJECT (kept), CHIP);

  take_away (self, GTK_WIDGET (kept));
  if (chip->is_range)
    ac_action_tab_set_range (self->tab, &all);
  else
    remove_filter (self, chip->filter, chip->value);
}

/* @chip: (transfer full) */
static void
append_button (AcFilterChips *self, Chip *chip)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (chip->text);
  /* Translators: what a filter says */
  g_autofree char *name = g_strdup_printf (_ ("Remove the filter “%s”"), chip->text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 32);
  /* In a bar without room the chips scroll rather than shrink to dots. */
  gtk_label_set_width_chars (GTK_LABEL (label), (int)MIN (g_utf8_strlen (chip->text, -1), 16));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("ac-close-symbolic"));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "chip");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), CHIP, chip, chip_free);
  g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), self);
  gtk_box_append (self->box, button);
}

/* Which of them has the focus; -1: none. */
static int
get_focus_index (AcFilterChips *self)
{
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self->box));
  int index = -1;

  for (; focus != NULL; focus = gtk_widget_get_prev_sibling (focus))
    index++;
  return index;
}

static void
set_focus_index (AcFilterChips *self, int index)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->box));

  while (index-- > 0 && child != NULL && gtk_widget_get_next_sibling (child) != NULL)
    child = gtk_widget_get_next_sibling (child);
  if (child != NULL)
    gtk_widget_grab_focus (child);
}

/**
 * ac_filter_chips_update:
 *
 * Has the chips tell of what the tab is filtered by now. Those that do so already stay as they are:
 * each letter that is typed into the search makes another query with the same filters, and one of
 * them may just be pressed.
 */
void
ac_filter_chips_update (AcFilterChips *self)
{
  g_autoptr (GPtrArray) chips = NULL;
  GtkWidget *child;
  int focus;

  g_return_if_fail (AC_IS_FILTER_CHIPS (self));

  chips = list_chips (self);
  if (are_shown (self, chips))
    return;
  focus = get_focus_index (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  gtk_widget_set_visible (GTK_WIDGET (self), chips->len > 0);
  while (chips->len > 0)
    append_button (self, g_ptr_array_steal_index (chips, 0));
  if (focus >= 0)
    set_focus_index (self, focus);
}

static void
ac_filter_chips_dispose (GObject *object)
{
  AcFilterChips *self = AC_FILTER_CHIPS (object);

  g_clear_object (&self->tab);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_filter_chips_parent_class)->dispose (object);
}

static void
ac_filter_chips_class_init (AcFilterChipsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_filter_chips_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
ac_filter_chips_init (AcFilterChips *self)
{
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());

  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  self->scroller = GTK_WIDGET (scroller);
  /* External: it scrolls with the wheel and the focus, and no bar stands over the chips. */
  gtk_scrolled_window_set_policy (scroller, GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (scroller, GTK_WIDGET (self->box));
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Filters in force"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * ac_filter_chips_set_tab:
 * @tab: (nullable): of whose filters to tell, each time ac_filter_chips_update() is called
 */
void
ac_filter_chips_set_tab (AcFilterChips *self, AcActionTab *tab)
{
  g_return_if_fail (AC_IS_FILTER_CHIPS (self));

  g_set_object (&self->tab, tab);
  ac_filter_chips_update (self);
}
